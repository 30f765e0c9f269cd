package dev.livebridge.gemini;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.livebridge.access.rules.Permissions;
import dev.livebridge.access.rules.Permissions.Excess;
import dev.livebridge.access.rules.Permissions.Modality;
import dev.livebridge.session.upstream.UpstreamRefusedException;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Fits a wish to what its caller may ask for. What goes beyond it is left out with a notice, or refuses the wish, as
 * the caller's rule says.
 *
 * @param permissions of the caller
 * @param edits hears of what is left out
 */
record CallerFitting(Permissions permissions, SetupEdits edits) {

    private static final String INSTRUCTION = "systemInstruction";
    private static final String TOOLS = "tools";

    /** Leaves out, of a setup or an update, the members that the caller may not bring. */
    void fit(ObjectNode setup) throws UpstreamRefusedException {
        if (!permissions.systemInstruction() && setup.has(INSTRUCTION)) {
            setup.remove(INSTRUCTION);
            excess("A system instruction of its own is not allowed for this caller");
        }
        if (!permissions.tools() && setup.has(TOOLS)) {
            setup.remove(TOOLS);
            excess("Tools of its own are not allowed for this caller");
        }
    }

    /** Whether the caller may change the context; said or refused otherwise. */
    boolean allowsUpdate() throws UpstreamRefusedException {
        if (!permissions.contextUpdate()) {
            excess("Changing the context is not allowed for this caller");
        }
        return permissions.contextUpdate();
    }

    /**
     * The model that answers: the wish if the caller may have it, else the first of these that it may.
     *
     * @param others in the order of preference
     */
    LiveModel model(LiveModel requested, Stream<LiveModel> others) throws UpstreamRefusedException {
        if (permissions.uses(requested.id())) {
            return requested;
        }
        String what = "The model " + SetupEdits.quote(requested.id()) + " is not allowed for this caller";
        LiveModel other = others.filter(each -> permissions.uses(each.id()))
                .findFirst()
                .orElseThrow(() -> SetupEdits.refused(what + ", and no model that is."));
        if (permissions.excess() == Excess.REFUSE) {
            throw SetupEdits.refused(what + ".");
        }
        edits.notice(what + "; " + other.id() + " answers instead.");
        return other;
    }

    /** Leaves out the modalities that the caller may not have; at least one has to be left. */
    void fitModalities(Set<String> wanted) throws UpstreamRefusedException {
        for (Modality modality : Modality.values()) {
            if (wanted.contains(modality.name()) && !permissions.hears(modality)) {
                if (wanted.size() == 1) {
                    throw SetupEdits.refused("Answers in " + modality.name() + " are not allowed for this caller.");
                }
                wanted.remove(modality.name());
                excess("Answers in " + modality.name() + " are not allowed for this caller");
            }
        }
    }

    private void excess(String what) throws UpstreamRefusedException {
        switch (permissions.excess()) {
            case TELL -> edits.notice(what + "; it was left out.");
            case REFUSE -> throw SetupEdits.refused(what + ".");
        }
    }
}
