/**
 * The workflows of the command line, for programs: each is a function of `(input, context, { signal, onEvent })` that returns
 * data. None of them prints, exits, or reads variables of the process.
 */
export { Context } from './commands/context.ts';
export type { ContextEvent, ContextOptions } from './commands/context.ts';
export type { EnvironmentChange, WorkflowOptions } from './commands/install-phases.ts';
export { changeEnvironment } from './commands/change-environment.ts';
export type { ChangeInput, ChangePolicy, RequirementSet, ResolutionPolicy } from './commands/change-environment.ts';
export { checkEnvironment } from './commands/pip-check.ts';
export type { CheckInput } from './commands/pip-check.ts';
export { compileRequirements } from './commands/pip-compile.ts';
export type { CompileInput } from './commands/pip-compile.ts';
export { freezeInstalled } from './commands/pip-freeze.ts';
export type { FreezeInput, FreezeResult } from './commands/pip-freeze.ts';
export { listInstalled } from './commands/pip-list.ts';
export type { ListInput, ListResult } from './commands/pip-list.ts';
export { showInstalled } from './commands/pip-show.ts';
export type { ShowInput, ShowResult } from './commands/pip-show.ts';
export { growTrees } from './commands/pip-tree.ts';
export type { TreeInput, TreeResult } from './commands/pip-tree.ts';
export { uninstall } from './commands/pip-uninstall.ts';
export type { UninstallInput, UninstallResult } from './commands/pip-uninstall.ts';
export { createEnvironment } from './environment/create-environment.ts';
export { findInterpreter } from './environment/find-interpreter.ts';
export { readInstalledDistributions } from './environment/site-packages.ts';
