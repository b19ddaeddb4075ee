//! What the invented company's systems export on the day of the demonstration: leads and deals, made up
//! by chance that is the same every time, with the faults that real exports have.

mod chance;
mod deals;
mod leads;

/// The leads, as Salesforce's Data Loader writes them: column names in capitals, everything quoted.
pub fn leads() -> String {
    leads::written()
}

/// The deals, as `HubSpot` writes them on a computer set up for German: semicolons, `48.000,00 €`,
/// days first.
pub fn deals() -> String {
    deals::written()
}
