/** Texts of `pyproject.toml` as people write them: in many layouts, with comments wherever TOML allows them. */
import * as fc from 'fast-check';

const NAMES = ['anyio', 'Django', 'flask[dotenv]', 'h11', 'ruamel.yaml', 'zope_interface'];
const ENDINGS = ['', '>=1.0', '>=2,<3', " ; python_version < '3.9'", '==1.*', '[x,y]>=1'];

const comment = fc.constantFrom('# a note', '# "quoted", and a ] bracket', "#it's close", '# = not a key');

/** A requirement as text; never of the name `wanted`, which tests add. */
const requirement = fc.tuple(fc.constantFrom(...NAMES), fc.constantFrom(...ENDINGS)).map(([name, ending]) => {
  if (ending.startsWith('[') && name.includes('[')) return name;
  return `${name}${ending}`;
});

const string = requirement.map((text) =>
  text.includes("'") ? `"${text}"` : text.length % 2 === 0 ? `'${text}'` : `"${text}"`,
);

interface Layout {
  readonly indent: string;
  readonly isOneLine: boolean;
  readonly hasTrailingComma: boolean;
  readonly ownLine: string | undefined;
  readonly endOfLine: string | undefined;
}

const layout: fc.Arbitrary<Layout> = fc.record({
  indent: fc.constantFrom('  ', '    ', '\t', ''),
  isOneLine: fc.boolean(),
  hasTrailingComma: fc.boolean(),
  ownLine: fc.option(comment, { nil: undefined }),
  endOfLine: fc.option(comment, { nil: undefined }),
});

function arrayText(
  items: readonly string[],
  { indent, isOneLine, hasTrailingComma, ownLine, endOfLine }: Layout,
): string {
  if (isOneLine || items.length === 0) return `[${items.join(', ')}${hasTrailingComma && items.length > 0 ? ',' : ''}]`;
  const lines = items.map((item, index) => {
    const isLast = index === items.length - 1;
    const comma = isLast && !hasTrailingComma ? '' : ',';
    const end = index === 0 && endOfLine !== undefined ? `  ${endOfLine}` : '';
    return `${isLast && ownLine !== undefined ? `${indent}${ownLine}\n` : ''}${indent}${item}${comma}${end}`;
  });
  return `[\n${lines.join('\n')}\n]`;
}

const array = fc
  .tuple(fc.array(string, { maxLength: 5 }), layout, fc.boolean())
  .map(([items, how, isSorted]) => arrayText(isSorted ? items.toSorted() : items, how));

const entry = fc
  .tuple(
    fc.constantFrom(
      'description = "words # no comment"',
      "license = 'MIT'",
      'requires-python = ">=3.9"',
      'urls.home = "x"',
    ),
    fc.option(comment, { nil: '' }),
  )
  .map(([line, end]) => `${line}${end === '' ? '' : ` ${end}`}`);

const projectTable = fc
  .tuple(
    fc.uniqueArray(entry, { maxLength: 4, selector: (line) => line.slice(0, 4) }),
    fc.option(array, { nil: undefined }),
  )
  .map(([entries, dependencies]) =>
    [
      '[project]',
      'name = "app"',
      'version = "1.0"',
      ...entries,
      ...(dependencies === undefined ? [] : [`dependencies = ${dependencies}`]),
    ].join('\n'),
  );

const groupsTable = fc
  .uniqueArray(fc.tuple(fc.constantFrom('dev', 'Test_Unit', 'lint', '"docs"'), array), {
    maxLength: 3,
    selector: ([key]) => key,
  })
  .map((groups) => ['[dependency-groups]', ...groups.map(([key, text]) => `${key} = ${text}`)].join('\n'));

const OTHER_TABLES = [
  '[build-system]\nrequires = ["hatchling"]\nbuild-backend = "hatchling.build"',
  '[tool.ruff.lint]\nselect = ["E", "F"] # all\nmessage = """\nlong ] text\n"""',
  '[tool.uv]\nmanaged = true\nsources.other = { path = "../other", editable = true }',
  '[tool.uv.sources]\n# where it is\nflask = { git = "https://git.test/flask", rev = "1" }',
  '[[tool.mypy.overrides]]\nmodule = "x.*"\n\n[[tool.mypy.overrides]]\nmodule = "y"',
  '[project.scripts]\napp = "app:main"',
  "[tool.'odd.key']\nwhen = 1979-05-27 07:32:00\nlist = [[1, 2], ['a']]",
] as const;

/** No two of them define `tool.uv.sources`. */
const otherTables = fc
  .shuffledSubarray([...OTHER_TABLES], { maxLength: 4 })
  .filter((tables) => tables.filter((one) => one.startsWith('[tool.uv')).length < 2);

/** A whole file, valid TOML, with a `[project]` named `app`. */
export const arbitraryPyproject: fc.Arbitrary<string> = fc
  .record({
    project: projectTable,
    groups: fc.option(groupsTable, { nil: undefined }),
    others: otherTables,
    isProjectFirst: fc.boolean(),
    gap: fc.constantFrom('\n\n', '\n', '\n\n# about what follows\n'),
    newline: fc.constantFrom('\n', '\n', '\r\n'),
    end: fc.constantFrom('\n', '', '\n# the end\n', '\n\n'),
  })
  .map(({ project, groups, others, isProjectFirst, gap, newline, end }) => {
    // What belongs to `project` has to stand below it where it is no header of its own.
    const rest = [...(groups === undefined ? [] : [groups]), ...others];
    const tables = isProjectFirst ? [project, ...rest] : [...rest, project];
    return `${tables.join(gap)}${end}`.replaceAll('\n', newline);
  });
