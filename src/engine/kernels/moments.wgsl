// One workgroup puts 4096 numbers into eleven; the twin of maths/moments.ts.
const LAB_THREADS = 256u;
const LAB_BLOCK = 4096;
const LAB_FIGURES = 11;
var<workgroup> labTable : array<array<f32, 256>, 11>;

fn labMerge(into : u32, other : u32) {
	for (var k = 0; k < LAB_FIGURES; k++) {
		if (k == 4) {
			labTable[k][into] = min(labTable[k][into], labTable[k][other]);
		} else if (k == 5) {
			labTable[k][into] = max(labTable[k][into], labTable[k][other]);
		} else {
			labTable[k][into] += labTable[k][other];
		}
	}
}

fn main(index : i32) {
	let block = index / i32(LAB_THREADS);
	let thread = localId.x;
	var figures = array<f32, 11>(0.0, 0.0, 0.0, 0.0, 0x1.fffffep+127f, -0x1.fffffep+127f, 0.0, 0.0, 0.0, 0.0, 0.0);
	for (var k = i32(thread); k < LAB_BLOCK; k += i32(LAB_THREADS)) {
		let at = block * LAB_BLOCK + k;
		if (at >= uniforms.count) {
			break;
		}
		let value = f32(x[at]);
		// By their bits: a compiler may take it that there is no NaN.
		let bits = bitcast<u32>(value) & 0x7fffffffu;
		if (bits > 0x7f800000u) {
			figures[1] += 1.0;
		} else if (bits == 0x7f800000u) {
			figures[2] += 1.0;
		} else {
			let u = (value - uniforms.shift) * uniforms.scale;
			figures[0] += 1.0;
			figures[3] += select(0.0, 1.0, bits == 0u);
			figures[4] = min(figures[4], value);
			figures[5] = max(figures[5], value);
			figures[6] += abs(value);
			figures[7] += u;
			figures[8] += u * u;
			figures[9] += u * u * u;
			figures[10] += (u * u) * (u * u);
		}
	}
	for (var k = 0; k < LAB_FIGURES; k++) {
		labTable[k][thread] = figures[k];
	}
	workgroupBarrier();
	for (var step = LAB_THREADS / 2u; step > 0u; step /= 2u) {
		if (thread < step) {
			labMerge(thread, thread + step);
		}
		workgroupBarrier();
	}
	if (thread == 0u && block * LAB_FIGURES < uniforms.size) {
		for (var k = 0; k < LAB_FIGURES; k++) {
			setOutputAtIndex(block * LAB_FIGURES + k, labTable[k][0]);
		}
	}
}
