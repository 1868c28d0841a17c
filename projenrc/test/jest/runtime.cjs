const asyncHooks = require('node:async_hooks');
const { compileFunction } = require('node:vm');
const { default: JestRuntime } = require('jest-runtime');

/** By file: a compiled function has no state, so each test file that imports it runs it anew. */
const compiled = new Map();

/**
 * Loads what lies in node_modules once per worker, by Node.js itself: the CDK, its packs and the AWS SDK were half of all the
 * seconds when every test file loaded them again. Our own modules, and those that a test mocks, stay each test file's own.
 */
module.exports = class Runtime extends JestRuntime {
  /** Of jest-circus, which makes one per test file and never ends it: up to Node.js 22 each one slows down every later promise. */
  #storages = [];

  constructor(...options) {
    super(...options);
    const { executor } = this;
    executor.compile = (source, filename) => {
      if (compiled.get(filename)?.source !== source) {
        compiled.set(filename, { source, run: compileFunction(source, executor.injectedModuleParameters, { filename }) });
      }
      return compiled.get(filename).run;
    };
  }

  requireModule(from, name, options, isRequireActual) {
    if (options?.isInternalModule) {
      return name === 'node:async_hooks' ? this.#asyncHooks() : super.requireModule(from, name, options, isRequireActual);
    }
    const path = name && !this._resolution.isCoreModule(name) ? this._resolution.resolveCjs(from, name) : '';
    return path.includes('/node_modules/') ? require(path) : super.requireModule(from, name, options, isRequireActual);
  }

  teardown() {
    super.teardown();
    for (const storage of this.#storages) storage.disable();
  }

  #asyncHooks() {
    const storages = this.#storages;
    class AsyncLocalStorage extends asyncHooks.AsyncLocalStorage {
      constructor() {
        super();
        storages.push(this);
      }
    }
    return { ...asyncHooks, AsyncLocalStorage };
  }
};
