import { BinaryReader, WireType } from '@bufbuild/protobuf/wire';
import { LabError } from '#contracts/errors.ts';

/** Messages of Protocol Buffers by the numbers of their fields; what is not asked for is passed over. */

export type Field<T> = (reader: BinaryReader, into: T, type: WireType) => boolean;
export type Fields<T> = Readonly<Record<number, Field<T>>>;

/** @throws Error where the bytes are no message */
export function readMessage<T>(bytes: Uint8Array, into: T, fields: Fields<T>): T {
	const reader = new BinaryReader(bytes);
	while (reader.pos < reader.len) {
		const [number, type] = reader.tag();
		if (!(fields[number]?.(reader, into, type) ?? false)) reader.skip(type, number);
	}
	return into;
}

/** A field of another type than it should have is passed over, as if it were not known. */
const field =
	<T, V>(type: WireType, read: (reader: BinaryReader) => V, set: (into: T, value: V) => void): Field<T> =>
	(reader, into, given) => {
		if (given !== type) return false;
		set(into, read(reader));
		return true;
	};

export const bytesField = <T>(set: (into: T, value: Uint8Array) => void) =>
	field<T, Uint8Array>(WireType.LengthDelimited, (reader) => reader.bytes(), set);
export const textField = <T>(set: (into: T, value: string) => void) =>
	field<T, string>(WireType.LengthDelimited, (reader) => reader.string(), set);
export const wholeField = <T>(set: (into: T, value: number) => void) =>
	field<T, number>(WireType.Varint, (reader) => Number(reader.int64()), set);
export const floatField = <T>(set: (into: T, value: number) => void) =>
	field<T, number>(WireType.Bit32, (reader) => reader.float(), set);

/** Repeated numbers, one by one or packed. */
const repeated =
	<T>(type: WireType, read: (reader: BinaryReader) => number, list: (into: T) => number[]): Field<T> =>
	(reader, into, given) => {
		if (given === type) list(into).push(read(reader));
		else if (given === WireType.LengthDelimited) {
			const packed = new BinaryReader(reader.bytes());
			while (packed.pos < packed.len) list(into).push(read(packed));
		} else return false;
		return true;
	};
export const wholesField = <T>(list: (into: T) => number[]) =>
	repeated<T>(WireType.Varint, (reader) => Number(reader.int64()), list);
export const floatsField = <T>(list: (into: T) => number[]) =>
	repeated<T>(WireType.Bit32, (reader) => reader.float(), list);
export const doublesField = <T>(list: (into: T) => number[]) =>
	repeated<T>(WireType.Bit64, (reader) => reader.double(), list);

/** An entry of a map: its key, and its value as bytes. */
export function mapEntry(bytes: Uint8Array): { key: string; value: Uint8Array } {
	return readMessage(
		bytes,
		{ key: '', value: new Uint8Array() as Uint8Array },
		{ 1: textField((into, key) => (into.key = key)), 2: bytesField((into, value) => (into.value = value)) }
	);
}

const damaged = (file: string, cause?: unknown) =>
	new LabError(`“${file}” is damaged: it cannot be read to its end.`, 'Download or export it again.', { cause });

/** What the reader says of broken bytes, in a sentence. Faults of the lab stay what they are. */
export function decoded<T>(file: string, read: () => T): T {
	try {
		return read();
	} catch (error) {
		if (error instanceof LabError || error instanceof TypeError || !(error instanceof Error)) throw error;
		throw damaged(file, error);
	}
}
