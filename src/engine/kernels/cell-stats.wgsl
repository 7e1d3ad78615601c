// A workgroup per cell, its threads over the positions; the twin of cellStats in maths/cells.ts.
const THREADS = 64u;
var<workgroup> parts : array<vec4<f32>, THREADS>;

// Sum, smallest, largest, zeros.
fn merged(a : vec4<f32>, b : vec4<f32>) -> vec4<f32> {
	return vec4<f32>(a.x + b.x, min(a.y, b.y), max(a.z, b.z), a.w + b.w);
}

fn reduced(own : vec4<f32>) -> vec4<f32> {
	parts[localIndex] = own;
	workgroupBarrier();
	for (var half = THREADS / 2u; half > 0u; half = half / 2u) {
		if (localIndex < half) {
			parts[localIndex] = merged(parts[localIndex], parts[localIndex + half]);
		}
		workgroupBarrier();
	}
	let all = parts[0];
	workgroupBarrier();
	return all;
}

fn main(index : i32) {
	let count = uniforms.count;
	let cell = index / i32(THREADS);
	let first = x[min(cell, count - 1)];
	var own = vec4<f32>(0.0, first, first, 0.0);
	for (var p = i32(localIndex); p < uniforms.positions; p = p + i32(THREADS)) {
		let value = x[p * count + min(cell, count - 1)];
		own = merged(own, vec4<f32>(value - first, value, value, select(0.0, 1.0, value == 0.0)));
	}
	let all = reduced(own);
	let n = f32(uniforms.positions);
	let mean = all.x / n;
	var spread = 0.0;
	for (var p = i32(localIndex); p < uniforms.positions; p = p + i32(THREADS)) {
		let d = x[p * count + min(cell, count - 1)] - first - mean;
		spread = spread + d * d;
	}
	let squares = reduced(vec4<f32>(spread, 0.0, 0.0, 0.0)).x;
	if (localIndex == 0u && cell < count) {
		setOutputAtIndex(cell, first + mean);
		setOutputAtIndex(count + cell, sqrt(squares / n));
		setOutputAtIndex(2 * count + cell, all.y);
		setOutputAtIndex(3 * count + cell, all.z);
		setOutputAtIndex(4 * count + cell, all.w / n);
	}
}
