package dev.livebridge.simulator;

import java.util.List;

/**
 * An answer of the simulator.
 *
 * @param thought the summary of what was thought before it, Markdown; empty for none
 */
record Answer(String thought, List<Speech> speech) {

    static Answer of(List<Speech> speech) {
        return new Answer("", speech);
    }
}
