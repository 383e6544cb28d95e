// The lab's verbs from a terminal. stdout carries JSON only, the answer last; notes go to stderr.
// Exit 0 done, 1 failed, 2 wrong usage.
import { Command, CommanderError, Option } from 'commander';
import { LabError } from '../core/failure.ts';
import { type LawId, laws } from '../core/fits/laws.ts';
import { type BackendChoice, backends, type RunnerChoice, runnerNames } from '../experiment/protocol.ts';
import { UsageError } from './usage.ts';

const note = (text: string): void => {
  process.stderr.write(`${text}\n`);
};

const answer = (value: unknown): void => {
  process.stdout.write(`${JSON.stringify(value)}\n`);
};

const program = new Command('lab')
  .description(
    'Train and understand multi-layer perceptrons from a terminal. <config> is a link, a fragment, key=value&…, or a JSON file.',
  )
  .exitOverride()
  .configureOutput({ writeOut: note, writeErr: note })
  .showHelpAfterError();

program
  .command('serve')
  .description('build when needed, serve the lab on localhost and print the address')
  .option('--port <n>', 'first port to try', '4173')
  .action(async ({ port }: { port: string }) => {
    const [{ ensureBuilt }, { serve }] = await Promise.all([import('./build.ts'), import('./server.ts')]);
    await ensureBuilt(note);
    const { url } = await serve(Number(port));
    process.stdout.write(`MLP Lab is on ${url}\n`);
  });

program
  .command('describe')
  .description('what a config will cost, without a browser')
  .argument('<config>')
  .option('--program', 'also the operations and buffers of one training step')
  .option('--data <path>', 'a dataset file to plan for: needed for data=custom')
  .action(async (config: string, options: { program?: boolean; data?: string }) => {
    const { describeConfig } = await import('./describe.ts');
    answer(await describeConfig(config, options, note));
  });

program
  .command('train')
  .description('train in a headless browser on the built page')
  .argument('<config>')
  .addOption(
    new Option('--backend <name>', 'where to compute').choices(['auto', ...backends]).default('auto'),
  )
  .addOption(
    new Option('--runner <name>', 'what executes the network')
      .choices(['auto', ...runnerNames])
      .default('auto'),
  )
  .option('--data <path>', 'a dataset file to use in place of a prepared one: needed for data=custom')
  .option('--out <dir>', 'write run.json, metrics.jsonl and weights here')
  .option('--init <file>', 'start from these weights (safetensors)')
  .option('--resume <dir>', 'go on from the checkpoint in this folder')
  .option('--no-tuning', 'measure nothing before the run: fixed tables choose GPU kernels and backend')
  .option('--trace <n>', 'write what the first n steps saw to trace.jsonl')
  .action(async (config: string, options: TrainFlags) => {
    const { train } = await import('./train.ts');
    answer(await train(config, { ...options, trace: wholeNumber('--trace', options.trace) }, note));
  });

program
  .command('sweep')
  .description('train every trial of a sweep, a folder each; what the folder has is never run again')
  .argument('[config]', 'a config with axes, or a study; left out: what the folder was begun with')
  .requiredOption('--out <dir>', 'one folder a trial, and sweep.json')
  .option('--jobs <n>', 'pages that train at a time', '1')
  .addOption(
    new Option('--backend <name>', 'where to compute').choices(['auto', ...backends]).default('auto'),
  )
  .addOption(
    new Option('--runner <name>', 'what executes the network')
      .choices(['auto', ...runnerNames])
      .default('auto'),
  )
  .option('--data <path>', 'a dataset file to use in place of a prepared one')
  .option('--no-tuning', 'measure nothing before a run: fixed tables choose GPU kernels and backend')
  .action(async (config: string | undefined, options: SweepFlags) => {
    const { sweep } = await import('./sweep.ts');
    const jobs = wholeNumber('--jobs', options.jobs);
    if (jobs < 1) throw new UsageError('--jobs takes a whole number from 1.');
    if (!(await sweep(config, { ...options, jobs }, note, answer))) process.exitCode = 1;
  });

program
  .command('data')
  .description('get and verify a dataset into datasets/<id>/')
  .argument('<id>')
  .option('--from <source>', 'a file of this machine, or an address')
  .action(async (id: string, { from }: { from?: string }) => {
    const { data } = await import('./data.ts');
    answer(await data(id, from, note));
  });

program
  .command('export')
  .description('write the metrics of a run folder in another format, beside the run')
  .argument('<dir>')
  .addOption(new Option('--to <format>', 'format').choices(['csv', 'jsonl']).makeOptionMandatory())
  .action(async (dir: string, { to }: { to: 'csv' | 'jsonl' }) => {
    const { exportRun } = await import('./export.ts');
    answer(await exportRun(dir, to));
  });

program
  .command('fit')
  .description('fit a scaling law to a table (csv, tsv, jsonl) or to the runs of a folder, without a browser')
  .argument('<table>')
  .addOption(
    new Option('--law <id>', 'what to fit').choices(Object.keys(laws) as LawId[]).makeOptionMandatory(),
  )
  .requiredOption('--x <columns>', 'columns of the inputs, comma-separated: N,D')
  .requiredOption('--y <column>', 'column of what the law predicts; of a folder also steps-to:test/loss=0.4')
  .option('--holdout <k>', 'hold out the k largest configurations and score the prediction', '0')
  .option('--bootstrap <n>', 'resamples for the intervals; 0 for none', '1000')
  .option('--seed <s>', 'of the resamples', '0')
  .option('--group <column>', 'rows with the same value are one configuration (else: the same x)')
  .addOption(new Option('--multiply-add <flops>', 'how compute is counted').choices(['1', '2']).default('2'))
  .action(async (path: string, options: FitFlags) => {
    const { fitTable } = await import('./fit.ts');
    const { law, x, y, group } = options;
    answer(
      fitTable(
        path,
        {
          law,
          x,
          y,
          ...(group === undefined ? {} : { group }),
          holdout: wholeNumber('--holdout', options.holdout),
          bootstrap: wholeNumber('--bootstrap', options.bootstrap),
          seed: wholeNumber('--seed', options.seed),
          counting: options.multiplyAdd === '1' ? 1 : 2,
        },
        note,
      ),
    );
  });

program
  .command('bench')
  .description('time this lab beside stock tfjs, jax-js and PyTorch, in one run')
  .option('--case <id>', 'one case: a, b or c')
  .option('--quick', 'batch 128 only, fewer rounds, the slowest engines left out')
  .action(async (options: { case?: string; quick?: boolean }) => {
    const { bench } = await import('./bench.ts');
    const only = options.case === undefined ? [] : ['--case', options.case];
    process.exitCode = bench([...only, ...(options.quick ? ['--quick'] : [])]);
  });

interface FitFlags {
  readonly law: LawId;
  readonly x: string;
  readonly y: string;
  readonly holdout: string;
  readonly bootstrap: string;
  readonly seed: string;
  readonly group?: string;
  readonly multiplyAdd: string;
}

interface SweepFlags extends Pick<TrainFlags, 'backend' | 'runner' | 'data' | 'tuning'> {
  readonly out: string;
  readonly jobs: string;
}

interface TrainFlags {
  readonly backend: BackendChoice;
  readonly runner: RunnerChoice;
  readonly data?: string;
  readonly out?: string;
  readonly init?: string;
  readonly resume?: string;
  readonly trace?: string;
  readonly tuning: boolean;
}

function wholeNumber(flag: string, text: string | undefined): number {
  if (text === undefined) return 0;
  if (!/^\d+$/.test(text)) throw new UsageError(`${flag} takes a whole number, not "${text}".`);
  return Number(text);
}

try {
  await program.parseAsync();
} catch (error) {
  if (error instanceof CommanderError) process.exitCode = error.exitCode === 0 ? 0 : 2;
  else {
    note(
      error instanceof LabError
        ? `${error.code}: ${error.message}`
        : String((error as Error).message ?? error),
    );
    if (process.env['LAB_DEBUG']) note(String((error as Error).stack));
    process.exitCode = error instanceof UsageError ? 2 : 1;
  }
}
