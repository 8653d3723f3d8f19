/** Durations, sizes and counts, spelled as uv spells them. */

/** `0.05ms`, `12ms`, `1.23s`, `1m 02s`. */
export function formatDuration(milliseconds: number): string {
  const seconds = Math.floor(milliseconds / 1000);
  if (seconds >= 60) return `${Math.floor(seconds / 60)}m ${String(seconds % 60).padStart(2, '0')}s`;
  if (seconds > 0) return `${seconds}.${String(Math.floor((milliseconds % 1000) / 10)).padStart(2, '0')}s`;
  if (milliseconds >= 1) return `${Math.floor(milliseconds)}ms`;
  return `0.${String(Math.floor(milliseconds * 100)).padStart(2, '0')}ms`;
}

/** `512B`, `12.3KiB`, `1.0GiB`: binary units with one decimal. */
export function formatBytes(bytes: number): string {
  const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB'];
  let value = bytes;
  let unit = 0;
  while (value >= 1024 && unit < units.length - 1) {
    value /= 1024;
    unit += 1;
  }
  return unit === 0 ? `${bytes}B` : `${value.toFixed(1)}${units[unit]}`;
}

/** `1 package`, `2 packages`. */
export function countOf(count: number, noun: string, plural: string = `${noun}s`): string {
  return `${count} ${count === 1 ? noun : plural}`;
}
