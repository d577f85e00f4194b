package main

import "fmt"

func skynet(out chan<- int64, number, size int64) {
	if size == 1 {
		out <- number
		return
	}
	children := make(chan int64)
	for i := int64(0); i < 10; i++ {
		go skynet(children, number+i*(size/10), size/10)
	}
	sum := int64(0)
	for i := 0; i < 10; i++ {
		sum += <-children
	}
	out <- sum
}

func main() {
	size := int64(argument(1, 1000000))
	result := make(chan int64)
	start := now()
	go skynet(result, 0, size)
	if <-result != size*(size-1)/2 {
		panic("wrong sum")
	}
	fmt.Printf("%.3f\n", float64(now()-start)/1e6)
}
