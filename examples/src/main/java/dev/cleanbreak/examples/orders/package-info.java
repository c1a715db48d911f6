/** A web application whose requests have deadlines and whose shutdown drains. */
@org.jspecify.annotations.NullMarked
package dev.cleanbreak.examples.orders;
