// How much of its time does a computation need on two Ps that it needs on one?
package main

import (
	"fmt"
	"runtime"
	"sync"
)

const (
	size       = 600
	iterations = 200
)

var image [size][size]uint8

func escapes(re, im float64) uint8 {
	x, y := 0.0, 0.0
	i := 0
	for ; i < iterations && x*x+y*y <= 4; i++ {
		next := x*x - y*y + re
		y = 2*x*y + im
		x = next
	}
	return uint8(i)
}

func row(y int, done *sync.WaitGroup) {
	for x := 0; x < size; x++ {
		image[y][x] = escapes(float64(x)*3/size-2, float64(y)*2/size-1)
	}
	done.Done()
}

func computeOn(procs int) float64 {
	runtime.GOMAXPROCS(procs)
	start := now()
	var done sync.WaitGroup
	done.Add(size)
	for y := 0; y < size; y++ {
		go row(y, &done)
	}
	done.Wait()
	return float64(now() - start)
}

func main() {
	computeOn(2) // the image's pages, the threads
	one := computeOn(1)
	two := computeOn(2)
	fmt.Printf("%.3f\n", two/one)
}
