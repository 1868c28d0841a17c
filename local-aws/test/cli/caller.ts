import { homeAt } from '../../cli/paths';
import { startServer } from '../../cli/server';

/** Start a tied server in a home, print its record, and do nothing for ever. */
async function call(directory: string): Promise<void> {
  const { server } = await startServer({ home: homeAt(directory), tied: true });
  process.stdout.write(JSON.stringify(server));
  setInterval(() => {}, 60_000);
}

void call(process.argv[2]);
