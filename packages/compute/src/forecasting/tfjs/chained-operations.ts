/**
 * TensorFlow.js's layers call some operations as methods of a tensor. The package `@tensorflow/tfjs` adds the methods,
 * and brings what browsers need, three times the size of all else; here the parts are used, and the methods added.
 */
import type * as Core from '@tensorflow/tfjs-core';

/** Operations whose first argument is the tensor. */
const operations = [
  'abs', 'add', 'all', 'any', 'argMax', 'argMin', 'cast', 'ceil', 'clipByValue', 'concat', 'cumsum', 'div', 'dot', 'elu', 'equal', 'exp', 'expandDims', 'floor', 'floorDiv', 'gather', 'greater', 'greaterEqual',
  'less', 'lessEqual', 'log', 'log1p', 'logSoftmax', 'logSumExp', 'logicalAnd', 'logicalNot', 'logicalOr', 'matMul', 'max', 'maximum', 'mean', 'min', 'minimum', 'mod', 'mul', 'neg', 'norm', 'notEqual', 'oneHot', 'onesLike',
  'pad', 'pow', 'prelu', 'prod', 'reciprocal', 'relu', 'relu6', 'reshape', 'reverse', 'round', 'rsqrt', 'selu', 'sigmoid', 'sign', 'slice', 'softmax', 'softplus', 'split', 'sqrt', 'square', 'squaredDifference', 'squeeze', 'stack',
  'step', 'stridedSlice', 'sub', 'sum', 'tanh', 'tile', 'topk', 'transpose', 'unstack', 'where', 'zerosLike',
] as const satisfies ReadonlyArray<keyof typeof Core>;

/** Adds the methods that a tensor lacks; those that it has stay as they are. */
export function addChainedOperations(core: typeof Core): void {
  const prototype: object = core.Tensor.prototype;
  const add = (name: string, method: (this: Core.Tensor, ...rest: unknown[]) => unknown): void => {
    if (!(name in prototype)) Object.defineProperty(prototype, name, { value: method, writable: true, configurable: true });
  };
  for (const name of operations) {
    const operation = core[name];
    add(name, function (...rest) {
      return Reflect.apply(operation, undefined, [this, ...rest]);
    });
  }
  add('flatten', function () {
    return core.reshape(this, [this.size]);
  });
  add('asScalar', function () {
    return core.reshape(this, []);
  });
  for (const [name, type] of [['toFloat', 'float32'], ['toInt', 'int32'], ['toBool', 'bool']] as const) {
    add(name, function () {
      return core.cast(this, type);
    });
  }
}
