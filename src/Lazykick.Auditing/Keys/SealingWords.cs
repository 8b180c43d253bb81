namespace Lazykick.Auditing.Keys;

/// <summary>The words of reports.</summary>
public static class SealingWords
{
    /// <summary>As reports write it.</summary>
    public static string Of(Sealing sealing) =>
        sealing switch
        {
            Sealing.Sealed => "SEALED",
            Sealing.InitOnly => "INIT-ONLY",
            Sealing.Runtime => "RUNTIME",
            Sealing.NoUpdater => "NO-UPDATER",
            Sealing.BootOnly => "BOOT-ONLY",
            Sealing.Tools => "TOOLS",
            _ => "UNKNOWN",
        };
}
