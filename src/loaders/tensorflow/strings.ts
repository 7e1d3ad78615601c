import { bytesField, readMessage } from '#loaders/tensorflow/wire.ts';

/** The words of a TensorProto of strings. */
export function decodedStrings(tensor: Uint8Array): string[] {
	const words: string[] = [];
	readMessage(tensor, words, { 8: bytesField((into, value) => into.push(new TextDecoder().decode(value))) });
	return words;
}
