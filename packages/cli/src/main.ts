/**
 * The `corrente` command. Each subcommand is a file that is read only when it is called, so that `corrente --help`
 * and small commands answer at once.
 *
 * Data goes to stdout, words to stderr. The exit code mirrors the job: 0 succeeded, 1 failed, 2 wrong usage or
 * refused input, 130 cancelled.
 */
import { Command, CommanderError } from 'commander';
import { readFileSync } from 'node:fs';
import { exitCodeOf, reportError } from './terminal/errors.ts';

interface Entry {
  readonly summary: string;
  readonly load: () => Promise<{ command: Command }>;
}

const commands: Readonly<Record<string, Entry>> = {
  serve: { summary: 'start the platform: database, API, dashboard and one worker', load: () => import('./commands/serve.ts') },
  api: { summary: 'start the API and the dashboard alone', load: () => import('./commands/api.ts') },
  worker: { summary: 'start one worker', load: () => import('./commands/worker.ts') },
  run: { summary: 'run one analysis of a file in this process, with no server', load: () => import('./commands/run.ts') },
  submit: { summary: 'submit a job to a server', load: () => import('./commands/submit.ts') },
  jobs: { summary: 'list jobs, or show, retry or delete one', load: () => import('./commands/jobs.ts') },
  watch: { summary: 'follow a job until it ends', load: () => import('./commands/watch.ts') },
  result: { summary: 'print or save a result table of a job', load: () => import('./commands/result.ts') },
  cancel: { summary: 'cancel a job', load: () => import('./commands/cancel.ts') },
  datasets: { summary: 'list, import, show or delete data sets', load: () => import('./commands/datasets.ts') },
  engines: { summary: 'tell which engines this machine, or a server, has', load: () => import('./commands/engines.ts') },
  bench: { summary: 'measure against the peers, and compare recorded results', load: () => import('./commands/bench.ts') },
};

const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as { version: string };

async function main(argv: readonly string[]): Promise<void> {
  const program = new Command('corrente')
    .description('Analyse many time series at once; results stream while they are computed.')
    .helpCommand(false)
    .showHelpAfterError('See --help.')
    .configureOutput({ outputError: (text, write) => write(text.replace(/^error: /, 'error usage: ')) })
    .exitOverride();
  const name = argv.find((argument) => !argument.startsWith('-'));
  if (argv[0] === '--version' || argv[0] === '-V') {
    process.stdout.write(argv.includes('--json') ? `${JSON.stringify({ version, node: process.version })}\n` : `${version}\n`);
    return;
  }
  for (const [key, entry] of Object.entries(commands)) {
    if (key === name) program.addCommand((await entry.load()).command.copyInheritedSettings(program).exitOverride());
    else program.command(key).description(entry.summary);
  }
  if (argv.length === 0) program.help();
  await program.parseAsync(argv, { from: 'user' });
}

// A reader that closes early (`corrente run … | head`) ends the command quietly.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit(0);
  throw error;
});

try {
  await main(process.argv.slice(2));
} catch (error) {
  if (error instanceof CommanderError) {
    // Commander has printed its sentence already; help that was asked for is no error.
    process.exitCode = error.exitCode === 0 ? 0 : 2;
  } else {
    reportError(error, process.argv.includes('--json'));
    process.exitCode = exitCodeOf(error);
  }
}
