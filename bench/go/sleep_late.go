package main

import (
	"fmt"
	"sort"
	"time"
)

const sleeps = 2001

func main() {
	late := make([]time.Duration, sleeps)
	for i := range late {
		start := now()
		time.Sleep(50 * time.Microsecond)
		late[i] = now() - start - 50*time.Microsecond
	}
	sort.Slice(late, func(i, j int) bool { return late[i] < late[j] })
	fmt.Printf("%.3f\n", float64(late[sleeps/2])/1000)
}
