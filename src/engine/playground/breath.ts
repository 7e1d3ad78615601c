/** Milliseconds for which a worker does not listen while it computes. */
export const SLICE = 8;

/** Lets messages in: a timer would cost four milliseconds. */
export function breath(): Promise<void> {
	return new Promise((resolve) => {
		const { port1, port2 } = new MessageChannel();
		port1.onmessage = () => {
			port1.close();
			resolve();
		};
		port2.postMessage(null);
	});
}
