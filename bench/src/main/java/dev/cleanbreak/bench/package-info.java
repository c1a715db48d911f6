/** Side-by-side benchmarks of Cleanbreak and its peers. */
@org.jspecify.annotations.NullMarked
package dev.cleanbreak.bench;
