/**
 * The network's edge: answers by the name of the call, as AWS's API reference shows them. An answer that
 * is text is the name of an error. The integration test reads the same properties from a real server.
 */
export function answering(answers: Readonly<Record<string, object | string | undefined>>): { send: (command: object) => Promise<object> } {
  const send = (command: object): Promise<object> => {
    const answer = answers[command.constructor.name.replace(/Command$/, '')];
    if (typeof answer !== 'string') return Promise.resolve(answer ?? {});
    return Promise.reject(Object.assign(new Error(answer), { name: answer }));
  };
  return { send };
}
