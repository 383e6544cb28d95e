// Where the next run computes.
import type { LabState } from '../../session/state.ts';
import { useActions, useLab } from '../hooks/use-lab.ts';

export const BACKENDS = [
  ['auto', 'Automatic'],
  ['webgpu', 'WebGPU'],
  ['wasm', 'CPU, WASM'],
  ['cpu', 'CPU, plain'],
] as const;

export function BackendMenu() {
  const { setBackend } = useActions();
  const backend = useLab((state) => state.backend);
  return (
    <label className="backend">
      <span className="unseen">Backend</span>
      <select value={backend} onChange={(event) => setBackend(event.target.value as LabState['backend'])}>
        {BACKENDS.map(([value, label]) => (
          <option key={value} value={value}>
            {label}
          </option>
        ))}
      </select>
    </label>
  );
}
