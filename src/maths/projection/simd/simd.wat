;; What takes longest in the search for neighbours, four numbers at a time.
;; Rows are `bytes` long, a multiple of 16, and lie one after the other. All sums are in float32.
(module
  (import "env" "memory" (memory 1))

  (func $sum (param $v v128) (result f32)
    (f32.add
      (f32.add (f32x4.extract_lane 0 (local.get $v)) (f32x4.extract_lane 1 (local.get $v)))
      (f32.add (f32x4.extract_lane 2 (local.get $v)) (f32x4.extract_lane 3 (local.get $v)))))

  ;; The squared distance of two rows; cut short, and then above `bound`, where it passes that.
  (func $between (export "between") (param $a i32) (param $b i32) (param $bytes i32) (param $bound f32) (result f32)
    (local $end i32) (local $stop i32) (local $d v128) (local $all f32)
    (local $s0 v128) (local $s1 v128) (local $s2 v128) (local $s3 v128)
    (local.set $end (i32.add (local.get $a) (local.get $bytes)))
    (block $done
      (loop $chunks
        (br_if $done (i32.lt_u (i32.sub (local.get $end) (local.get $a)) (i32.const 256)))
        (local.set $stop (i32.add (local.get $a) (i32.const 256)))
        (loop $quads
          (local.set $d (f32x4.sub (v128.load (local.get $a)) (v128.load (local.get $b))))
          (local.set $s0 (f32x4.add (local.get $s0) (f32x4.mul (local.get $d) (local.get $d))))
          (local.set $d (f32x4.sub (v128.load offset=16 (local.get $a)) (v128.load offset=16 (local.get $b))))
          (local.set $s1 (f32x4.add (local.get $s1) (f32x4.mul (local.get $d) (local.get $d))))
          (local.set $d (f32x4.sub (v128.load offset=32 (local.get $a)) (v128.load offset=32 (local.get $b))))
          (local.set $s2 (f32x4.add (local.get $s2) (f32x4.mul (local.get $d) (local.get $d))))
          (local.set $d (f32x4.sub (v128.load offset=48 (local.get $a)) (v128.load offset=48 (local.get $b))))
          (local.set $s3 (f32x4.add (local.get $s3) (f32x4.mul (local.get $d) (local.get $d))))
          (local.set $a (i32.add (local.get $a) (i32.const 64)))
          (local.set $b (i32.add (local.get $b) (i32.const 64)))
          (br_if $quads (i32.lt_u (local.get $a) (local.get $stop))))
        (local.set $all (call $sum (f32x4.add
          (f32x4.add (local.get $s0) (local.get $s1)) (f32x4.add (local.get $s2) (local.get $s3)))))
        (if (f32.gt (local.get $all) (local.get $bound)) (then (return (local.get $all))))
        (br $chunks)))
    (block $end_of_rest
      (loop $rest
        (br_if $end_of_rest (i32.ge_u (local.get $a) (local.get $end)))
        (local.set $d (f32x4.sub (v128.load (local.get $a)) (v128.load (local.get $b))))
        (local.set $s0 (f32x4.add (local.get $s0) (f32x4.mul (local.get $d) (local.get $d))))
        (local.set $a (i32.add (local.get $a) (i32.const 16)))
        (local.set $b (i32.add (local.get $b) (i32.const 16)))
        (br $rest)))
    (call $sum (f32x4.add
      (f32x4.add (local.get $s0) (local.get $s1)) (f32x4.add (local.get $s2) (local.get $s3)))))

  ;; Whether two sketches, of a multiple of 32 bytes, are farther apart than the root of `bound`.
  (func $beyond (param $a i32) (param $b i32) (param $bytes i32) (param $bound f32) (result i32)
    (local $end i32) (local $d v128) (local $s0 v128) (local $s1 v128)
    (local.set $end (i32.add (local.get $a) (local.get $bytes)))
    (loop $pairs
      (local.set $d (f32x4.sub (v128.load (local.get $a)) (v128.load (local.get $b))))
      (local.set $s0 (f32x4.add (local.get $s0) (f32x4.mul (local.get $d) (local.get $d))))
      (local.set $d (f32x4.sub (v128.load offset=16 (local.get $a)) (v128.load offset=16 (local.get $b))))
      (local.set $s1 (f32x4.add (local.get $s1) (f32x4.mul (local.get $d) (local.get $d))))
      (local.set $a (i32.add (local.get $a) (i32.const 32)))
      (local.set $b (i32.add (local.get $b) (i32.const 32)))
      (br_if $pairs (i32.lt_u (local.get $a) (local.get $end))))
    (f32.gt
      (f32.mul (call $sum (f32x4.add (local.get $s0) (local.get $s1))) (f32.const 0.99))
      (local.get $bound)))

  ;; The first `news` rows of a list meet each other and the rest of its `all` rows. Those nearer than the bound of either
  ;; are written to `out`: one, the other, their squared distance.
  ;; Returns how many were.
  (func (export "meet")
    (param $list i32) (param $news i32) (param $all i32) (param $rows i32) (param $bytes i32)
    (param $bounds i32) (param $sketches i32) (param $sketch i32) (param $out i32) (result i32)
    (local $p i32) (local $q i32) (local $i i32) (local $j i32) (local $end i32) (local $last i32) (local $begin i32)
    (local $mine f32) (local $bound f32) (local $square f32)
    (local.set $begin (local.get $out))
    (local.set $p (local.get $list))
    (local.set $last (i32.add (local.get $list) (i32.shl (local.get $news) (i32.const 2))))
    (local.set $end (i32.add (local.get $list) (i32.shl (local.get $all) (i32.const 2))))
    (block $over
      (loop $ones
        (br_if $over (i32.ge_u (local.get $p) (local.get $last)))
        (local.set $i (i32.load (local.get $p)))
        (local.set $mine (f32.load (i32.add (local.get $bounds) (i32.shl (local.get $i) (i32.const 2)))))
        (local.set $q (i32.add (local.get $p) (i32.const 4)))
        (block $met
          (loop $others
            (br_if $met (i32.ge_u (local.get $q) (local.get $end)))
            (local.set $j (i32.load (local.get $q)))
            (local.set $q (i32.add (local.get $q) (i32.const 4)))
            (br_if $others (i32.eq (local.get $i) (local.get $j)))
            (local.set $bound (f32.max (local.get $mine)
              (f32.load (i32.add (local.get $bounds) (i32.shl (local.get $j) (i32.const 2))))))
            (if (local.get $sketch)
              (then
                (br_if $others (call $beyond
                  (i32.add (local.get $sketches) (i32.mul (local.get $i) (local.get $sketch)))
                  (i32.add (local.get $sketches) (i32.mul (local.get $j) (local.get $sketch)))
                  (local.get $sketch) (local.get $bound)))))
            (local.set $square (call $between
              (i32.add (local.get $rows) (i32.mul (local.get $i) (local.get $bytes)))
              (i32.add (local.get $rows) (i32.mul (local.get $j) (local.get $bytes)))
              (local.get $bytes) (local.get $bound)))
            (br_if $others (i32.eqz (f32.lt (local.get $square) (local.get $bound))))
            (i32.store (local.get $out) (local.get $i))
            (i32.store offset=4 (local.get $out) (local.get $j))
            (f32.store offset=8 (local.get $out) (local.get $square))
            (local.set $out (i32.add (local.get $out) (i32.const 12)))
            (br $others)))
        (local.set $p (i32.add (local.get $p) (i32.const 4)))
        (br $ones)))
    (i32.div_u (i32.sub (local.get $out) (local.get $begin)) (i32.const 12)))

  ;; The rows of `rows` that are not farther from a query than the root of `bound`: their numbers are written to `out`.
  ;; Returns how many were.
  (func (export "scan")
    (param $query i32) (param $rows i32) (param $bytes i32) (param $count i32) (param $bound f32) (param $out i32) (result i32)
    (local $n i32) (local $begin i32)
    (local.set $begin (local.get $out))
    (block $over
      (loop $each
        (br_if $over (i32.ge_u (local.get $n) (local.get $count)))
        (if (f32.le
              (call $between (local.get $query) (local.get $rows) (local.get $bytes) (local.get $bound))
              (local.get $bound))
          (then
            (i32.store (local.get $out) (local.get $n))
            (local.set $out (i32.add (local.get $out) (i32.const 4)))))
        (local.set $rows (i32.add (local.get $rows) (local.get $bytes)))
        (local.set $n (i32.add (local.get $n) (i32.const 1)))
        (br $each)))
    (i32.shr_u (i32.sub (local.get $out) (local.get $begin)) (i32.const 2)))

  ;; The squared distances of rows from a query, to `out`.
  (func (export "distances") (param $query i32) (param $rows i32) (param $bytes i32) (param $count i32) (param $out i32)
    (local $end i32)
    (local.set $end (i32.add (local.get $out) (i32.shl (local.get $count) (i32.const 2))))
    (block $over
      (loop $each
        (br_if $over (i32.ge_u (local.get $out) (local.get $end)))
        (f32.store (local.get $out)
          (call $between (local.get $query) (local.get $rows) (local.get $bytes) (f32.const inf)))
        (local.set $rows (i32.add (local.get $rows) (local.get $bytes)))
        (local.set $out (i32.add (local.get $out) (i32.const 4)))
        (br $each))))

  ;; Products of rows with `number` others, row by row to `out`. The rows are those of a list, or, where it is 0, the first.
  (func (export "dots")
    (param $list i32) (param $count i32) (param $rows i32) (param $bytes i32)
    (param $others i32) (param $number i32) (param $out i32)
    (local $n i32) (local $m i32) (local $a i32) (local $from i32) (local $b i32) (local $end i32)
    (local $s0 v128) (local $s1 v128)
    (block $over
      (loop $each
        (br_if $over (i32.ge_u (local.get $n) (local.get $count)))
        (local.set $from (i32.add (local.get $rows) (i32.mul (local.get $bytes)
          (if (result i32) (local.get $list)
            (then (i32.load (i32.add (local.get $list) (i32.shl (local.get $n) (i32.const 2)))))
            (else (local.get $n))))))
        (local.set $end (i32.add (local.get $from) (local.get $bytes)))
        (local.set $b (local.get $others))
        (local.set $m (i32.const 0))
        (block $next
          (loop $axes
            (br_if $next (i32.ge_u (local.get $m) (local.get $number)))
            (local.set $a (local.get $from))
            (local.set $s0 (v128.const f32x4 0 0 0 0))
            (local.set $s1 (v128.const f32x4 0 0 0 0))
            (block $odd
              (loop $pairs
                (br_if $odd (i32.lt_u (i32.sub (local.get $end) (local.get $a)) (i32.const 32)))
                (local.set $s0 (f32x4.add (local.get $s0)
                  (f32x4.mul (v128.load (local.get $a)) (v128.load (local.get $b)))))
                (local.set $s1 (f32x4.add (local.get $s1)
                  (f32x4.mul (v128.load offset=16 (local.get $a)) (v128.load offset=16 (local.get $b)))))
                (local.set $a (i32.add (local.get $a) (i32.const 32)))
                (local.set $b (i32.add (local.get $b) (i32.const 32)))
                (br $pairs)))
            (if (i32.lt_u (local.get $a) (local.get $end))
              (then
                (local.set $s0 (f32x4.add (local.get $s0)
                  (f32x4.mul (v128.load (local.get $a)) (v128.load (local.get $b)))))
                (local.set $b (i32.add (local.get $b) (i32.const 16)))))
            (f32.store (local.get $out) (call $sum (f32x4.add (local.get $s0) (local.get $s1))))
            (local.set $out (i32.add (local.get $out) (i32.const 4)))
            (local.set $m (i32.add (local.get $m) (i32.const 1)))
            (br $axes)))
        (local.set $n (i32.add (local.get $n) (i32.const 1)))
        (br $each)))))
