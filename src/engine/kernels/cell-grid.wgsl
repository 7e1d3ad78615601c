// A thread per number of the picture; the twin of cellGrid in maths/cells.ts.
fn main(index : i32) {
	if (index >= uniforms.size) {
		return;
	}
	let stride = uniforms.columns * uniforms.width;
	let row = index / stride;
	let column = index % stride;
	let cell = (row / uniforms.height) * uniforms.columns + column / uniforms.width;
	if (cell >= uniforms.shown) {
		setOutputAtIndex(index, 0.0);
		return;
	}
	let y = (row % uniforms.height) * uniforms.thinned - uniforms.top;
	let x0 = (column % uniforms.width) * uniforms.thinned - uniforms.left;
	let y1 = min(uniforms.h, y + uniforms.thinned);
	let x1 = min(uniforms.w, x0 + uniforms.thinned);
	var sum = 0.0;
	for (var i = max(0, y); i < y1; i = i + 1) {
		for (var j = max(0, x0); j < x1; j = j + 1) {
			sum = sum + x[(i * uniforms.w + j) * uniforms.count + cell];
		}
	}
	setOutputAtIndex(index, sum / f32((y1 - max(0, y)) * (x1 - max(0, x0))));
}
