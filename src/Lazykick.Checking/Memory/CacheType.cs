namespace Lazykick.Checking.Memory;

/// <summary>What CTR_EL0 promises about instruction caches.</summary>
public enum CacheType : byte
{
    /// <summary>Both DC CVAU and IC IVAU are needed.</summary>
    None,

    /// <summary>CTR_EL0.IDC: no DC CVAU is needed.</summary>
    Idc,

    /// <summary>CTR_EL0.DIC, which includes IDC here: no IC IVAU is needed either.</summary>
    Dic,
}
