/** Functions that Node once had, and that the node packages of TensorFlow.js still call. */
import util from 'node:util';

const removed = {
  isNullOrUndefined: (value: unknown): boolean => value === null || value === undefined,
  isArray: (value: unknown): boolean => Array.isArray(value),
  isBoolean: (value: unknown): boolean => typeof value === 'boolean',
  isFunction: (value: unknown): boolean => typeof value === 'function',
  isNumber: (value: unknown): boolean => typeof value === 'number',
  isObject: (value: unknown): boolean => typeof value === 'object' && value !== null,
  isString: (value: unknown): boolean => typeof value === 'string',
  isUndefined: (value: unknown): boolean => value === undefined,
} as const;

/** Puts back what this Node no longer has of `node:util`, and what it has but warns of. */
export function restoreNodeFunctions(): void {
  const target: object = util;
  for (const [name, value] of Object.entries(removed)) Object.defineProperty(target, name, { value, writable: true, configurable: true });
}
