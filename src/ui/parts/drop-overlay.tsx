// Files may be dropped anywhere; while they hover the page says what will happen.
import { useEffect, useState } from 'react';
import { useActions } from '../hooks/use-lab.ts';

const hasFiles = (event: DragEvent): boolean => event.dataTransfer?.types.includes('Files') ?? false;

export function DropOverlay() {
  const { drop } = useActions();
  const [over, setOver] = useState(false);
  useEffect(() => {
    const hover = (event: DragEvent): void => {
      if (!hasFiles(event)) return;
      event.preventDefault();
      setOver(true);
    };
    const leave = (event: DragEvent): void => {
      if (event.relatedTarget === null) setOver(false);
    };
    const take = (event: DragEvent): void => {
      if (!hasFiles(event)) return;
      event.preventDefault();
      setOver(false);
      const files = [...(event.dataTransfer?.files ?? [])];
      if (files.length > 0) drop(files);
    };
    document.addEventListener('dragenter', hover);
    document.addEventListener('dragover', hover);
    document.addEventListener('dragleave', leave);
    document.addEventListener('drop', take);
    return () => {
      document.removeEventListener('dragenter', hover);
      document.removeEventListener('dragover', hover);
      document.removeEventListener('dragleave', leave);
      document.removeEventListener('drop', take);
    };
  }, [drop]);
  if (!over) return null;
  return (
    <div className="drop-here">
      <p>
        <span className="strong">Drop to load the dataset.</span>
        <br />
        The files are read on this device: CIFAR’s archives or their .bin files, parquet or idx files. Nothing
        is uploaded.
      </p>
    </div>
  );
}
