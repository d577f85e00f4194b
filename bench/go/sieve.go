package main

import "fmt"

func generate(out chan<- int32) {
	for i := int32(2); ; i++ {
		out <- i
	}
}

func filter(in <-chan int32, out chan<- int32, prime int32) {
	for {
		n := <-in
		if n%prime != 0 {
			out <- n
		}
	}
}

func main() {
	count := argument(1, 2000)
	start := now()
	in := make(chan int32)
	go generate(in)
	prime := int32(0)
	for i := 0; i < count; i++ {
		prime = <-in
		out := make(chan int32)
		go filter(in, out, prime)
		in = out
	}
	if count == 2000 && prime != 17389 {
		panic("wrong prime")
	}
	fmt.Printf("%.3f\n", float64(now()-start)/1e6)
}
