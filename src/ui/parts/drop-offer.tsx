// What was dropped and waits for a word: what it would change, and the button that does it.
import { useMemo } from 'react';
import { formatBytes } from '../../core/format.ts';
import { decode } from '../../experiment/address.ts';
import { runName } from '../../experiment/plan.ts';
import type { Offer } from '../../session/state.ts';
import { useActions, useLab } from '../hooks/use-lab.ts';
import { changes } from '../runs/change.ts';

function SettingsOffer({ offer }: { readonly offer: Extract<Offer, { kind: 'settings' }> }) {
  const { takeOffer, dismissOffer } = useActions();
  const draft = useLab((state) => state.draft);
  const { config, sweep, problems } = useMemo(() => decode(offer.link), [offer]);
  const list = changes(draft, config);
  const more = list.length > 6 ? `, ${list.length - 6} more` : '';
  return (
    <>
      <p>
        <span className="strong">
          {offer.name}: {runName(config)}
          {sweep ? ', with a sweep' : ''}.
        </span>{' '}
        {list.length === 0
          ? 'The form shows these settings already.'
          : `Against the form: ${list.slice(0, 6).join(', ')}${more}.`}
      </p>
      {problems.length === 0 ? null : (
        <p className="ink2">
          {problems.length === 1
            ? problems[0]?.message
            : `${problems.length} parts of it are not understood; they are listed once it is in the form.`}
        </p>
      )}
      <div className="actions">
        <button type="button" className="button" onClick={() => void takeOffer()}>
          Put into the form
        </button>
        <button type="button" className="button" onClick={dismissOffer}>
          Dismiss
        </button>
      </div>
    </>
  );
}

function WeightsOffer({ offer }: { readonly offer: Extract<Offer, { kind: 'weights' }> }) {
  const { takeOffer, takeBody, dismissOffer } = useActions();
  const busy = useLab((state) => state.active !== null || state.preparing || !('plan' in state.planned));
  const name = useLab((state) => runName(state.draft));
  return (
    <>
      <p>
        <span className="strong">
          {offer.name}, {formatBytes(offer.bytes)} of weights.
        </span>{' '}
        A run of the form’s settings ({name}) can start from them; names and shapes have to be those of its
        layers. Or their body comes into the form, to be trained on under a new head.
      </p>
      <div className="actions">
        <button type="button" className="button" disabled={busy} onClick={() => void takeOffer()}>
          Train from these weights
        </button>
        <button type="button" className="button" onClick={() => void takeBody('finetune')}>
          Fine-tune
        </button>
        <button type="button" className="button" onClick={() => void takeBody('probe')}>
          Probe
        </button>
        <button type="button" className="button" onClick={dismissOffer}>
          Dismiss
        </button>
      </div>
    </>
  );
}

export function DropOffer() {
  const offer = useLab((state) => state.offer);
  if (!offer) return null;
  return (
    <section className="notice" aria-label="What was dropped">
      <div className="body">
        {offer.kind === 'settings' ? <SettingsOffer offer={offer} /> : <WeightsOffer offer={offer} />}
      </div>
    </section>
  );
}
