/** Wrong answers of the test index: what a broken server, proxy or network does. */
import type { IncomingMessage, ServerResponse } from 'node:http';

export type IndexFault = (
  | {
      readonly kind: 'status';
      readonly status: number;
      readonly headers?: Readonly<Record<string, string>>;
      readonly body?: string | Uint8Array;
    }
  /** The true length is announced, then the connection is cut after so many bytes of the answer. */
  | { readonly kind: 'cut'; readonly afterBytes: number }
  /** Headers at once, then nothing; the connection stays open. */
  | { readonly kind: 'stall' }
  /** No answer at all. */
  | { readonly kind: 'silence' }
  | { readonly kind: 'redirect'; readonly location: string; readonly status?: number }
  /** Other bytes of the same length. */
  | { readonly kind: 'wrong-bytes' }
  /** Fewer bytes, announced as if they were all. */
  | { readonly kind: 'truncated'; readonly sizeBytes: number }
  /** The right answer after a pause. */
  | { readonly kind: 'slow'; readonly delayMs: number }
) & {
  /** How many requests are answered so; without it, all. */
  readonly times?: number;
};

export interface Exchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
}

/** What the path holds in truth. */
export interface TrueBody {
  readonly content: Uint8Array;
  readonly etag: string;
}

/** Answer in the way of `fault`. */
export function faultyAnswer(fault: IndexFault, { request, response }: Exchange, truth: TrueBody): void {
  const { content } = truth;
  const start = Number(/^bytes=(\d+)-/.exec(request.headers.range ?? '')?.[1] ?? 0);
  switch (fault.kind) {
    case 'status':
      response.writeHead(fault.status, fault.headers).end(fault.body ?? `status ${fault.status}`);
      return;
    case 'redirect':
      response.writeHead(fault.status ?? 302, { location: fault.location }).end();
      return;
    case 'wrong-bytes':
      response.writeHead(200, { 'content-length': content.length }).end(content.map((byte) => byte ^ 0xff));
      return;
    case 'truncated':
      response.writeHead(200, { 'content-length': fault.sizeBytes }).end(content.subarray(0, fault.sizeBytes));
      return;
    case 'cut':
      cut(response, truth, { start, afterBytes: fault.afterBytes });
      return;
    case 'stall':
      response.writeHead(200, { 'content-length': Math.max(content.length, 1) }).flushHeaders();
      return;
    case 'silence':
    case 'slow':
      return;
  }
}

function cut(
  response: ServerResponse,
  { content, etag }: TrueBody,
  where: { start: number; afterBytes: number },
): void {
  const validators = { etag, 'accept-ranges': 'bytes' };
  const range =
    where.start > 0 ? { 'content-range': `bytes ${where.start}-${content.length - 1}/${content.length}` } : {};
  response.writeHead(where.start > 0 ? 206 : 200, {
    ...validators,
    ...range,
    'content-length': content.length - where.start,
  });
  response.write(content.subarray(where.start, where.start + where.afterBytes), () => response.socket?.end());
}
