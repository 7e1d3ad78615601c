const TABLE = Uint32Array.from({ length: 256 }, (_, n) => {
	let c = n;
	for (let k = 0; k < 8; k++) c = c & 1 ? (c >>> 1) ^ 0xedb88320 : c >>> 1;
	return c;
});

/** The check sum of zip and gzip (ISO 3309), piece by piece. */
export class Crc32 {
	#crc = 0xffffffff;

	add(bytes: Uint8Array): void {
		let crc = this.#crc;
		for (let i = 0; i < bytes.length; i++) crc = TABLE[(crc ^ bytes[i]!) & 255]! ^ (crc >>> 8);
		this.#crc = crc;
	}

	get value(): number {
		return (this.#crc ^ 0xffffffff) >>> 0;
	}
}
