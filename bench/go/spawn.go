package main

import "runtime"

func nothing() {}

func main() {
	count := argument(1, 3000000)
	start := now()
	for i := 0; i < count; i++ {
		go nothing()
		if i%64 == 63 {
			runtime.Gosched()
		}
	}
	for runtime.NumGoroutine() > 1 {
		runtime.Gosched()
	}
	printPerOp(start, count)
}
