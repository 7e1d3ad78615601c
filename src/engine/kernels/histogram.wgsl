// Counts first in the workgroup, then in the whole; the twin of maths/histogram.ts, step by step.
const LAB_THREADS = 256u;
const LAB_BLOCK = 8192;
var<workgroup> labCounts : array<atomic<u32>, LAB_CELLS>;

fn main(index : i32) {
	let block = index / i32(LAB_THREADS);
	let thread = localId.x;
	for (var k = thread; k < u32(LAB_CELLS); k += LAB_THREADS) {
		atomicStore(&labCounts[k], 0u);
	}
	workgroupBarrier();
	// Where a narrow range is counted nearly all numbers lie outside: they would all wait for the same two cells.
	var below = 0u;
	var above = 0u;
	for (var k = i32(thread); k < LAB_BLOCK; k += i32(LAB_THREADS)) {
		let at = block * LAB_BLOCK + k;
		if (at >= uniforms.count) {
			break;
		}
		let value = f32(x[at]);
		let bits = bitcast<u32>(value) & 0x7fffffffu;
		if (bits < 0x7f800000u) {
			if (value < uniforms.low) {
				below++;
			} else if (value > uniforms.high) {
				above++;
			} else {
				let bin = min(LAB_CELLS - 3, i32(floor((value - uniforms.low) * uniforms.scale)));
				atomicAdd(&labCounts[1 + bin], 1u);
			}
		}
	}
	atomicAdd(&labCounts[0], below);
	atomicAdd(&labCounts[LAB_CELLS - 1], above);
	workgroupBarrier();
	for (var k = thread; k < u32(LAB_CELLS); k += LAB_THREADS) {
		let count = atomicLoad(&labCounts[k]);
		if (count > 0u) {
			atomicAdd(&result[k], i32(count));
		}
	}
}
