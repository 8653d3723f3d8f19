/** Evaluation of markers that the algebra made: follow the branches that the environment takes. */

import { isAboveCut } from './marker-cut.ts';
import { type Diagram, type DiagramNode, FALSE, type NodeRef, TRUE } from './marker-diagram.ts';
import type { MarkerQuestion } from './marker-evaluation.ts';
import { tryParseVersion } from './version.ts';

/** An environment whose version is no version satisfies nothing that asks for it. */
export function evaluateDiagram(diagram: Diagram, ref: NodeRef, question: MarkerQuestion): boolean {
  let current = ref;
  while (current !== TRUE && current !== FALSE) {
    const branch = chooseBranch(diagram.node(current), question);
    current = branch === undefined ? FALSE : (diagram.children(current)[branch] ?? FALSE);
  }
  return current === TRUE;
}

function chooseBranch({ variable, cuts }: DiagramNode, question: MarkerQuestion): number | undefined {
  const { environment, extras, groups } = question;
  switch (variable.kind) {
    case 'text':
      return cuts.filter((cut) => isAboveCut(environment[variable.name], cut)).length;
    case 'release':
    case 'version': {
      const value = tryParseVersion(environment[variable.kind === 'release' ? 'platform_release' : variable.name]);
      return value === undefined ? undefined : cuts.filter((cut) => isAboveCut(value, cut)).length;
    }
    case 'within':
      return Number(variable.value.includes(environment[variable.name]));
    case 'contains':
      return Number(environment[variable.name].includes(variable.value));
    case 'extra':
    case 'extras':
      return Number(extras.has(variable.value));
    case 'group':
      return Number(groups.has(variable.value));
  }
}
