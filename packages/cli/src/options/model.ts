/** The option that saves the trained model of a forecast for other programs. */
import { CorrenteError } from '@corrente/shared/contract/errors';
import { Option, type Command } from 'commander';

export interface ModelOptions {
  readonly model?: string;
}

export function addModelOption(command: Command): Command {
  return command.addOption(new Option('--model <format>', 'the trained model of a forecast: tfjs, the layers format of TensorFlow.js, as one JSON').choices(['tfjs']));
}

/** The table that models are kept in; another name, or a format, beside --model is an error. */
export function modelTableOf({ table, format }: { readonly table?: string | undefined; readonly format?: string | undefined }): 'model' {
  if (table !== undefined && table !== 'model') throw new CorrenteError('usage', `--table was "${table}"; a model is kept in the table model.`);
  if (format !== undefined) throw new CorrenteError('usage', `--format was "${format}"; --model writes JSON.`);
  return 'model';
}
