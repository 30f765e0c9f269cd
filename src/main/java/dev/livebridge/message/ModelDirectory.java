package dev.livebridge.message;

import java.util.List;

/** The models for conversations, as the upstream edge knows them. */
public interface ModelDirectory {

    /** The backend: {@code simulator} or {@code gemini}. */
    String backend();

    /** The id of the model for clients that name none, without prefix. */
    String defaultModel();

    /** All models to offer, the default one first. */
    List<ModelCapabilities> models();

    /**
     * How the connections of a model behave.
     *
     * @param model with or without prefix; may be unknown
     */
    ConnectionTraits connectionTraits(String model);
}
