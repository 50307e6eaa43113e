/// <reference lib="webworker" />
import { orderOf, type OrderName, type SquareMatrix } from './orders.ts';

export interface OrderRequest {
  readonly id: number;
  readonly name: OrderName;
  readonly matrix: SquareMatrix;
}
export interface OrderReply {
  readonly id: number;
  readonly order: Uint32Array<ArrayBuffer>;
}

addEventListener('message', ({ data }: MessageEvent<OrderRequest>) => {
  const reply: OrderReply = { id: data.id, order: orderOf(data.name, data.matrix) };
  postMessage(reply, { transfer: [reply.order.buffer] });
});
