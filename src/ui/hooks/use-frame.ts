// What belongs to the page and not to the session: which dialog is open, whether the form is, what was reset.
import { createContext, useContext, useState } from 'react';
import type { Page } from '../../session/state.ts';

/** Dialogs of the page; one at a time. */
export type DialogName = 'keyboard' | 'palette' | 'settings' | 'lesson';

/** What somebody said would happen; asked: they want to know now. */
export interface Prediction {
  readonly choice: string;
  readonly asked: boolean;
}

export interface Frame {
  /** The views there are. */
  readonly pages: readonly Page[];
  readonly dialog: DialogName | null;
  readonly openDialog: (dialog: DialogName | null) => void;
  /** On narrow screens the form is behind a button. */
  readonly formOpen: boolean;
  readonly setFormOpen: (open: boolean) => void;
  /** Controls that a lesson hides are shown all the same. */
  readonly showHidden: boolean;
  readonly setShowHidden: (shown: boolean) => void;
  /** The config that was reset: its next start is from step 0. */
  readonly resetId: string | null;
  readonly setResetId: (id: string | null) => void;
  /** By question of the Guide. */
  readonly predictions: Readonly<Record<string, Prediction>>;
  readonly predict: (question: string, prediction: Prediction) => void;
}

export const FrameContext = createContext<Frame | null>(null);

export function useFrame(): Frame {
  const frame = useContext(FrameContext);
  if (!frame) throw new Error('FrameContext is missing above this part.');
  return frame;
}

/** The frame's own state, for the page. */
export function useFrameState(pages: readonly Page[]): Frame {
  const [dialog, openDialog] = useState<DialogName | null>(null);
  const [formOpen, setFormOpen] = useState(false);
  const [showHidden, setShowHidden] = useState(false);
  const [resetId, setResetId] = useState<string | null>(null);
  const [predictions, setPredictions] = useState<Frame['predictions']>({});
  return {
    pages,
    dialog,
    openDialog,
    formOpen,
    setFormOpen,
    showHidden,
    setShowHidden,
    resetId,
    setResetId,
    predictions,
    predict: (question, prediction) => setPredictions((before) => ({ ...before, [question]: prediction })),
  };
}
