/** Races of the core's own classes; here because those are package-private. */
@org.jspecify.annotations.NullMarked
package dev.cleanbreak;
