; PASSES: goc-race<calls>
; OPTIONS: -goc-race-no-constants

@a = private constant [2 x i8] c"a\00"
@b = private constant [2 x i8] c"b\00"

define i8 @chosen(i1 %c) sanitize_thread {
; CHECK-LABEL: define i8 @chosen
; CHECK: goc_race_read1
  %s = select i1 %c, ptr @a, ptr @b
  %v = load i8, ptr %s, align 1
  ret i8 %v
}
