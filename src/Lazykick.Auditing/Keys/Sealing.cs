namespace Lazykick.Auditing.Keys;

/// <summary>When a key, and with it the text at its places, can still change.</summary>
public enum Sealing
{
    /// <summary>Its data is read-only after init: it changes during boot alone.</summary>
    Sealed,

    /// <summary>Writable, but every function of the image that changes it is freed after boot.</summary>
    InitOnly,

    /// <summary>Some function that stays changes it, or a module can.</summary>
    Runtime,

    /// <summary>Writable, and no function of the image was found that changes it.</summary>
    NoUpdater,

    /// <summary>Changed once, when alternatives are applied.</summary>
    BootOnly,

    /// <summary>A tracer or prober changes it whenever it likes.</summary>
    Tools,

    /// <summary>The image does not tell: it names no data.</summary>
    Unknown,
}
