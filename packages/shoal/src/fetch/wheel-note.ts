import type { JsonValue } from '@shoal/cache';

/** One line of `entry_points.txt` that makes a script. */
export interface ScriptEntryPoint {
  readonly group: 'console_scripts' | 'gui_scripts';
  readonly name: string;
  readonly module: string;
  /** Dotted; `undefined` when the module itself is meant. */
  readonly attribute: string | undefined;
  readonly extras: readonly string[];
}

/** What installing needs to know of a wheel, kept in the manifest of its tree so that nothing is parsed again. */
export interface WheelNote {
  readonly filename: string;
  /** As METADATA spells it. */
  readonly name: string;
  readonly version: string;
  /** Folder names; there may be no data folder. */
  readonly distInfo: string;
  readonly dataFolder: string | undefined;
  readonly rootIsPurelib: boolean;
  readonly entryPoints: readonly ScriptEntryPoint[];
  /** RECORD as the wheel has it, made whole where it and the files disagreed: installing writes it as it is. */
  readonly record: string;
}

/** The note as plain JSON. */
export function formatWheelNote(note: WheelNote): JsonValue {
  const { dataFolder, entryPoints, ...rest } = note;
  return {
    ...rest,
    ...(dataFolder === undefined ? {} : { dataFolder }),
    entryPoints: entryPoints.map(({ attribute, extras, ...point }) => ({
      ...point,
      extras: [...extras],
      ...(attribute === undefined ? {} : { attribute }),
    })),
  };
}

/** The note of a pinned tree. Trees are only made by `formatWheelNote`, so their shape is not doubted. */
export function wheelNoteOf(tree: { readonly manifest: { readonly note: JsonValue } }): WheelNote {
  const note = tree.manifest.note as unknown as WheelNote;
  return {
    ...note,
    dataFolder: note.dataFolder,
    entryPoints: note.entryPoints.map((point) => ({ ...point, attribute: point.attribute })),
  };
}
