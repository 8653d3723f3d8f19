/** One question to Python's `packaging`: a script that reads JSON from standard input as `data` and sets `answer`. */
import { spawn } from 'node:child_process';
import { text } from 'node:stream/consumers';

import { pythonTools } from './python-tools.ts';

const FRAME = 'import json, sys\ndata = json.load(sys.stdin)\nSCRIPT\njson.dump(answer, sys.stdout)\n';

/** @throws when Python fails, with what it wrote to standard error. */
export async function askPython<Answer>(script: string, data: unknown): Promise<Answer> {
  const { python } = await pythonTools();
  const child = spawn(python, ['-c', FRAME.replace('SCRIPT', () => script)], { stdio: ['pipe', 'pipe', 'pipe'] });
  const ended = new Promise<number | null>((resolve, reject) => child.once('error', reject).once('close', resolve));
  const output = Promise.all([text(child.stdout), text(child.stderr), ended]);
  child.stdin.end(JSON.stringify(data));
  const [answer, complaint, status] = await output;
  if (status !== 0) throw new Error(`Python failed with status ${status}: ${complaint}`);
  return JSON.parse(answer) as Answer;
}
