// What every question here shares, as bench.h does for the C programs.
package main

import (
	"fmt"
	"os"
	"strconv"
	"time"
)

var processStart = time.Now()

func now() time.Duration { return time.Since(processStart) }

func argument(i, fallback int) int {
	if i >= len(os.Args) {
		return fallback
	}
	value, err := strconv.Atoi(os.Args[i])
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(2)
	}
	return value
}

func printPerOp(start time.Duration, operations int) {
	fmt.Printf("%.3f\n", float64(now()-start)/float64(operations))
}

func printMs(start time.Duration) {
	fmt.Printf("%.3f\n", float64(now()-start)/1e6)
}
