/** The command line: which of the program's commands runs, and its version. The only package that uses the terminal. */
@NullMarked
package dev.livebridge.command;

import org.jspecify.annotations.NullMarked;
