; Nobody writes constants: reading them is no side of a race.
; PASSES: goc-race<calls>

@table = internal constant [4 x i32] [i32 1, i32 2, i32 3, i32 4]
@elsewhere = external constant i32
@variable = global i32 0

define i32 @constants(i64 %i) sanitize_thread {
; CHECK-LABEL: define i32 @constants
; CHECK-NOT: goc_race
; CHECK: ret
  %p = getelementptr [4 x i32], ptr @table, i64 0, i64 %i
  %a = load i32, ptr %p, align 4
  %b = load i32, ptr @elsewhere, align 4
  %s = add i32 %a, %b
  ret i32 %s
}

define i32 @invariant(ptr %p) sanitize_thread {
; CHECK-LABEL: define i32 @invariant
; CHECK-NOT: goc_race
; CHECK: ret
  %a = load i32, ptr %p, align 4, !invariant.load !0
  ret i32 %a
}

define i32 @variables() sanitize_thread {
; CHECK-LABEL: define i32 @variables
; CHECK: call preserve_mostcc void @goc_race_read4(ptr @variable)
  %a = load i32, ptr @variable, align 4
  ret i32 %a
}

!0 = !{}
