; Atomics become calls that perform and model them; the orders are C's numbers.
; PASSES: goc-race<calls>

define void @loads(ptr %p) sanitize_thread {
; CHECK-LABEL: define void @loads
; CHECK: call i8 @goc_race_atomic8_load(ptr %p, i32 0)
; CHECK: call i16 @goc_race_atomic16_load(ptr %p, i32 0)
; CHECK: call i32 @goc_race_atomic32_load(ptr %p, i32 2)
; CHECK: call i64 @goc_race_atomic64_load(ptr %p, i32 5)
; CHECK: call i128 @goc_race_atomic128_load(ptr %p, i32 5)
; CHECK-NOT: load atomic
; CHECK: ret
  %a = load atomic i8, ptr %p unordered, align 1
  %b = load atomic i16, ptr %p monotonic, align 2
  %c = load atomic i32, ptr %p acquire, align 4
  %d = load atomic i64, ptr %p seq_cst, align 8
  %e = load atomic volatile i128, ptr %p seq_cst, align 16
  ret void
}

define void @stores(ptr %p) sanitize_thread {
; CHECK-LABEL: define void @stores
; CHECK: call void @goc_race_atomic8_store(ptr %p, i8 1, i32 0)
; CHECK: call void @goc_race_atomic32_store(ptr %p, i32 1, i32 3)
; CHECK: call void @goc_race_atomic64_store(ptr %p, i64 1, i32 5)
; CHECK-NOT: store atomic
; CHECK: ret
  store atomic i8 1, ptr %p monotonic, align 1
  store atomic i32 1, ptr %p release, align 4
  store atomic i64 1, ptr %p seq_cst, align 8
  ret void
}

define i32 @updates(ptr %p, i32 %v) sanitize_thread {
; CHECK-LABEL: define i32 @updates
; CHECK: call i32 @goc_race_atomic32_exchange(ptr %p, i32 %v, i32 0)
; CHECK: call i32 @goc_race_atomic32_fetch_add(ptr %p, i32 %v, i32 2)
; CHECK: call i32 @goc_race_atomic32_fetch_sub(ptr %p, i32 %v, i32 3)
; CHECK: call i32 @goc_race_atomic32_fetch_and(ptr %p, i32 %v, i32 4)
; CHECK: call i32 @goc_race_atomic32_fetch_or(ptr %p, i32 %v, i32 5)
; CHECK: call i32 @goc_race_atomic32_fetch_xor(ptr %p, i32 %v, i32 5)
; CHECK: [[OLD:%.*]] = call i32 @goc_race_atomic32_fetch_nand(ptr %p, i32 %v, i32 5)
; CHECK: ret i32 [[OLD]]
  %a = atomicrmw xchg ptr %p, i32 %v monotonic
  %b = atomicrmw add ptr %p, i32 %v acquire
  %c = atomicrmw sub ptr %p, i32 %v release
  %d = atomicrmw and ptr %p, i32 %v acq_rel
  %e = atomicrmw or ptr %p, i32 %v seq_cst
  %f = atomicrmw xor ptr %p, i32 %v seq_cst
  %g = atomicrmw nand ptr %p, i32 %v seq_cst
  ret i32 %g
}

define ptr @pointers(ptr %p, ptr %v) sanitize_thread {
; CHECK-LABEL: define ptr @pointers
; CHECK: [[V:%.*]] = ptrtoint ptr %v to i64
; CHECK: call void @goc_race_atomic64_store(ptr %p, i64 [[V]], i32 3)
; CHECK: [[L:%.*]] = call i64 @goc_race_atomic64_load(ptr %p, i32 2)
; CHECK: [[R:%.*]] = inttoptr i64 [[L]] to ptr
; CHECK: ret ptr [[R]]
  store atomic ptr %v, ptr %p release, align 8
  %r = load atomic ptr, ptr %p acquire, align 8
  ret ptr %r
}

define double @floats(ptr %p, double %v) sanitize_thread {
; CHECK-LABEL: define double @floats
; CHECK: [[V:%.*]] = bitcast double %v to i64
; CHECK: [[O:%.*]] = call i64 @goc_race_atomic64_exchange(ptr %p, i64 [[V]], i32 5)
; CHECK: [[R:%.*]] = bitcast i64 [[O]] to double
; CHECK: ret double [[R]]
  %r = atomicrmw xchg ptr %p, double %v seq_cst
  ret double %r
}
