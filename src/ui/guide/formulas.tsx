// The formulas behind the numbers on the screen, each with the numbers of the config in the form filled in.
import type { ReactNode } from 'react';
import { formatCount, formatNumber, formatSi } from '../../core/format.ts';
import { elements, tensors } from '../../core/layers.ts';
import type { Config } from '../../experiment/config.ts';
import type { Plan } from '../../experiment/plan.ts';
import { useLab } from '../hooks/use-lab.ts';
import { Formula, Frac, Named, Num, Op, Root, Row, Sub, Sup, Var } from './mathml.tsx';

interface Entry {
  readonly title: string;
  readonly formula: ReactNode;
  /** With the numbers of now; null: nothing to fill in. */
  readonly now: string | null;
  readonly source: string;
}

const Times = () => <Op>·</Op>;
const Equals = () => <Op>=</Op>;

function counts(config: Config, plan: Plan): readonly Entry[] {
  const specs = tensors(plan.layers).filter(({ kind }) => kind === 'parameter');
  const part = (role: 'lift' | 'block' | 'head'): string =>
    formatCount(specs.reduce((sum, spec) => (spec.role === role ? sum + elements(spec.shape) : sum), 0));
  const batch = config['train.batchSize'];
  const seen = plan.steps === null ? null : plan.steps * batch;
  return [
    {
      title: 'Parameters',
      formula: (
        <>
          <Var>N</Var>
          <Equals />
          <Named name="N" index="lift" />
          <Op>+</Op>
          <Named name="N" index="blocks" />
          <Op>+</Op>
          <Named name="N" index="head" />
        </>
      ),
      now: `${part('lift')} + ${part('block')} + ${part('head')} = ${formatCount(plan.parameters.total)}`,
      source: 'counted from the layer list; a matrix is inputs × outputs, plus a bias where there is one',
    },
    {
      title: 'Steps of an epoch',
      formula: (
        <>
          <Named name="S" index="epoch" />
          <Equals />
          <Op>⌊</Op>
          <Frac>
            <Var>D</Var>
            <Var>B</Var>
          </Frac>
          <Op>⌋</Op>
        </>
      ),
      now: `⌊${formatCount(plan.trainCount)} / ${formatCount(batch)}⌋ = ${formatCount(plan.stepsPerEpoch)}`,
      source: 'the last partial batch is left out, as PyTorch’s drop_last does',
    },
    {
      title: 'Compute',
      formula: (
        <>
          <Var>C</Var>
          <Equals />
          <Num>6</Num>
          <Times />
          <Var>MAC</Var>
          <Times />
          <Var>T</Var>
        </>
      ),
      now:
        seen === null
          ? null
          : `6 · ${formatCount(plan.macsPerExample)} · ${formatCount(seen)} = ${formatSi(6 * plan.macsPerExample * seen, 'FLOP')}`,
      source: 'forward 2, backward 4; Scaling MLPs counts a multiply-add once and so gets half',
    },
  ];
}

function training(config: Config, plan: Plan): readonly Entry[] {
  const classes = plan.outputs;
  const rule = config['optimizer.scaling'];
  const batch = config['train.batchSize'];
  const ratio = (
    <Frac>
      <Var>B</Var>
      <Sub>
        <Var>B</Var>
        <Num>0</Num>
      </Sub>
    </Frac>
  );
  return [
    {
      title: 'Learning rate against batch size',
      formula: (
        <>
          <Var>η</Var>
          <Equals />
          <Sub>
            <Var>η</Var>
            <Num>0</Num>
          </Sub>
          {rule === 'none' ? null : <Times />}
          {rule === 'linear' ? ratio : rule === 'sqrt' ? <Root>{ratio}</Root> : null}
        </>
      ),
      now:
        rule === 'none'
          ? `${formatNumber(plan.learningRate)}, whatever the batch size`
          : `${formatNumber(config['optimizer.learningRate'])} · ${rule === 'sqrt' ? '√' : ''}(${batch} / ${config['optimizer.referenceBatch']}) = ${formatNumber(plan.learningRate, 3)}`,
      source: 'linear: Goyal 2017; square root: Hoffer 2017, Malladi 2022. Presets, never truth',
    },
    ...(config.task === 'classify'
      ? [
          {
            title: 'Loss by chance',
            formula: (
              <>
                <Op>ln</Op>
                <Var>K</Var>
              </>
            ),
            now: `ln ${classes} = ${Math.log(classes).toFixed(3)}`,
            source: 'cross-entropy of a network that gives every class the same share',
          },
          {
            title: 'How sure a test accuracy is',
            formula: (
              <>
                <Op>±</Op>
                <Num>1.96</Num>
                <Root>
                  <Frac>
                    <Row>
                      <Var>p</Var>
                      <Op>(</Op>
                      <Num>1</Num>
                      <Op>−</Op>
                      <Var>p</Var>
                      <Op>)</Op>
                    </Row>
                    <Var>n</Var>
                  </Frac>
                </Root>
              </>
            ),
            now: `at 90 % on ${formatCount(plan.testCount)} images: ± ${(196 * Math.sqrt(0.09 / plan.testCount)).toFixed(1)} points`,
            source: '95 % interval of a share; seeds come on top of it',
          },
        ]
      : [
          {
            title: 'PSNR',
            formula: (
              <>
                <Op>−</Op>
                <Num>10</Num>
                <Sub>
                  <Op>log</Op>
                  <Num>10</Num>
                </Sub>
                <Var>MSE</Var>
              </>
            ),
            now: 'a squared error of 0.01 is 20 dB; half of it is 3 dB more',
            source: 'pixels in [0, 1]',
          },
        ]),
  ];
}

function laws(config: Config): readonly Entry[] {
  const batch = config['train.batchSize'];
  return [
    {
      title: 'Gradient noise scale',
      formula: (
        <>
          <Named name="B" index="noise" />
          <Equals />
          <Frac>
            <Row>
              <Op>tr</Op>
              <Var>Σ</Var>
            </Row>
            <Sup>
              <Row>
                <Op>|</Op>
                <Var>G</Var>
                <Op>|</Op>
              </Row>
              <Num>2</Num>
            </Sup>
          </Frac>
        </>
      ),
      now: null,
      source: 'McCandlish 2018; G is the gradient, Σ the covariance of single examples’ gradients',
    },
    {
      title: 'Steps to a loss',
      formula: (
        <>
          <Var>S</Var>
          <Equals />
          <Named name="S" index="min" />
          <Op>(</Op>
          <Num>1</Num>
          <Op>+</Op>
          <Frac>
            <Named name="B" index="crit" />
            <Var>B</Var>
          </Frac>
          <Op>)</Op>
        </>
      ),
      now: `with a critical batch size of 200 (MNIST), a batch of ${formatCount(batch)} takes ${(1 + 200 / batch).toFixed(1)} × the fewest steps and ${(1 + batch / 200).toFixed(1)} × the fewest examples`,
      source: 'McCandlish 2018, table 1; expect its order of magnitude',
    },
    {
      title: 'Scaling law of error in compute',
      formula: (
        <>
          <Var>E</Var>
          <Equals />
          <Var>a</Var>
          <Sup>
            <Row>
              <Op>(</Op>
              <Var>b</Var>
              <Op>+</Op>
              <Var>C</Var>
              <Op>)</Op>
            </Row>
            <Row>
              <Op>−</Op>
              <Var>α</Var>
            </Row>
          </Sup>
          <Op>+</Op>
          <Sub>
            <Var>E</Var>
            <Num>∞</Num>
          </Sub>
        </>
      ),
      now: null,
      source: 'Scaling MLPs, section 4.3; α 0.25 for CIFAR-100',
    },
  ];
}

export function Formulas() {
  const config = useLab((state) => state.draft);
  const planned = useLab((state) => state.planned);
  const plan = 'plan' in planned ? planned.plan : null;
  const entries = [...(plan ? [...counts(config, plan), ...training(config, plan)] : []), ...laws(config)];
  return (
    <dl className="formulas">
      {entries.map(({ title, formula, now, source }) => (
        <div key={title}>
          <dt>{title}</dt>
          <dd>
            <Formula>
              <Row>{formula}</Row>
            </Formula>
          </dd>
          {now === null ? null : <dd className="now">{now}</dd>}
          <dd className="small ink3">{source}</dd>
        </div>
      ))}
    </dl>
  );
}
