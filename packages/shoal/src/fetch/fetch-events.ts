/** The points of a download at which a process may die, in order; announced synchronously. */
export const FETCH_STEPS = ['download-opened', 'download-begun', 'downloaded', 'unpacking', 'unpacked'] as const;

export type FetchStep = (typeof FETCH_STEPS)[number];

/** What fetching tells whoever runs it. Texts carry no credentials. */
export type FetchEvent =
  /** `detail` is the filename. */
  | { readonly type: 'step'; readonly name: FetchStep; readonly detail: string }
  | { readonly type: 'request'; readonly method: string; readonly url: string }
  /** Another attempt will be made after `delayMs`. */
  | {
      readonly type: 'retry';
      readonly url: string;
      readonly attempt: number;
      readonly delayMs: number;
      readonly reason: string;
    }
  /** `sizeBytes` is `undefined` until it is known; `resumedBytes` were there before. */
  | {
      readonly type: 'download-started';
      readonly resource: string;
      readonly sizeBytes: number | undefined;
      readonly resumedBytes: number;
    }
  | { readonly type: 'download-progress'; readonly resource: string; readonly receivedBytes: number }
  | { readonly type: 'download-finished'; readonly resource: string; readonly sizeBytes: number }
  | { readonly type: 'download-failed'; readonly resource: string }
  | { readonly type: 'unpacked'; readonly resource: string; readonly files: number };

export type FetchListener = (event: FetchEvent) => void;
