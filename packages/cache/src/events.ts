/**
 * What the cache tells whoever opened it. Events are delivered synchronously, in the middle of the work:
 * a listener that blocks stops the protocol at exactly that step, and one that ends the process crashes it there.
 * That is what the tests do. A listener must not throw.
 */
import type { LockHolder } from './lock-holder.ts';
import type { MountFacts, MountLack } from './mount-facts.ts';

/** Each point of a protocol at which a process may die and leave others to go on: making, writing, collecting, healing. */
export const CACHE_STEPS = [
  'key-wanted',
  'key-taken',
  'work-folder-made',
  'produced',
  'manifest-written',
  'before-publish',
  'published',
  'publication-lost',
  'key-released',
  'before-record-write',
  'record-written',
  'collect-lock-taken',
  'victim-locked',
  'trashed',
  'before-delete',
  'deleted',
  'collected',
  'before-heal',
  'put-aside',
] as const;

export type StepName = (typeof CACHE_STEPS)[number];

export interface WaitingEvent {
  readonly type: 'waiting';
  readonly resource: string;
  readonly path: string;
  /** `undefined` when the holder left no name. */
  readonly holder: LockHolder | undefined;
  readonly waitedMs: number;
}

export interface AcquiredEvent {
  readonly type: 'acquired';
  readonly resource: string;
  readonly path: string;
  readonly waitedMs: number;
}

/** An entry was missing or damaged and has been put aside; it will be produced again. */
export interface HealedEvent {
  readonly type: 'healed';
  readonly resource: string;
  readonly path: string;
  readonly reason: string;
}

/** A lock could not be had because the file system has none; work went on without it and may be done twice. */
export interface UnsupportedEvent {
  readonly type: 'unsupported';
  readonly resource: string;
  readonly path: string;
}

/** The root's mount was looked at for the first time; said by one process for each host and mount. */
export interface ProbedEvent {
  readonly type: 'probed';
  readonly root: string;
  readonly facts: MountFacts;
  /** The gravest first; empty when nothing is lacking. */
  readonly lacks: readonly MountLack[];
}

/** `readThrough` is only read; what it lacks is now being made in `root`. Said once. */
export interface LayeredEvent {
  readonly type: 'layered';
  readonly root: string;
  readonly readThrough: string;
}

/** The collector's progress: counts so far in this run. */
export interface CollectingEvent {
  readonly type: 'collecting';
  readonly files: number;
  readonly directories: number;
  readonly bytes: number;
}

export interface StepEvent {
  readonly type: 'step';
  readonly name: StepName;
  /** The path or key that the step is about. */
  readonly detail: string;
}

export type CacheEvent =
  | WaitingEvent
  | AcquiredEvent
  | HealedEvent
  | UnsupportedEvent
  | ProbedEvent
  | LayeredEvent
  | CollectingEvent
  | StepEvent;

export type EventListener = (event: CacheEvent) => void;
