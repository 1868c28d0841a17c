import { canBuildImages } from '../src/image-builder';

test.each([
  ['true', true],
  ['false', false],
  ['/nowhere/docker', false],
])('%s in the place of docker: %s', async (builder, expected) => {
  const before = process.env.CDK_DOCKER;
  process.env.CDK_DOCKER = builder;
  try {
    expect(await canBuildImages()).toBe(expected);
  } finally {
    if (before === undefined) delete process.env.CDK_DOCKER;
    else process.env.CDK_DOCKER = before;
  }
});
