with

-- NUCC taxonomy codes begin with these characters; CMS writes the specialty so.
prefixes as (

    select
        listed.taxonomy_prefix,
        listed.specialty
    from (
        values
        ('207K', 'Allergy/Immunology'),
        ('207L', 'Anesthesiology'),
        ('207N', 'Dermatology'),
        ('207P', 'Emergency Medicine'),
        ('207Q', 'Family Practice'),
        ('207R', 'Internal Medicine'),
        ('207RC0000X', 'Cardiology'),
        ('207RC0001X', 'Clinical Cardiac Electrophysiology'),
        ('207RI0011X', 'Interventional Cardiology'),
        ('207RE0101X', 'Endocrinology'),
        ('207RG0100X', 'Gastroenterology'),
        ('207RG0300X', 'Geriatric Medicine'),
        ('207RH0000X', 'Hematology'),
        ('207RH0003X', 'Hematology-Oncology'),
        ('207RI0200X', 'Infectious Disease'),
        ('207RN0300X', 'Nephrology'),
        ('207RP1001X', 'Pulmonary Disease'),
        ('207RR0500X', 'Rheumatology'),
        ('207RX0202X', 'Medical Oncology'),
        ('207T', 'Neurosurgery'),
        ('207V', 'Obstetrics & Gynecology'),
        ('207W', 'Ophthalmology'),
        ('207X', 'Orthopedic Surgery'),
        ('207XS0114X', 'Orthopedic Surgery'),
        ('207XX0005X', 'Sports Medicine'),
        ('207XS0106X', 'Hand Surgery'),
        ('207Y', 'Otolaryngology'),
        ('207Z', 'Pathology'),
        ('2080', 'Pediatric Medicine'),
        ('2081', 'Physical Medicine and Rehabilitation'),
        ('2082', 'Plastic and Reconstructive Surgery'),
        ('2083', 'Preventive Medicine'),
        ('2084N', 'Neurology'),
        ('2084P', 'Psychiatry'),
        ('2085R0001X', 'Radiation Oncology'),
        ('2085R0202X', 'Diagnostic Radiology'),
        ('2085R0204X', 'Interventional Radiology'),
        ('2086', 'General Surgery'),
        ('2086S0129X', 'Vascular Surgery'),
        ('2086X0206X', 'Surgical Oncology'),
        ('2088', 'Urology'),
        ('208C', 'Colorectal Surgery (Proctology)'),
        ('208D', 'General Practice'),
        ('208G', 'Thoracic Surgery'),
        ('208M', 'Hospitalist'),
        ('208V', 'Pain Management'),
        ('213E', 'Podiatry'),
        ('363A', 'Physician Assistant'),
        ('363L', 'Nurse Practitioner'),
        ('3675', 'Certified Registered Nurse Anesthetist (CRNA)'),
        ('152W', 'Optometry'),
        ('111N', 'Chiropractic')
    ) as listed (taxonomy_prefix, specialty)

),

taxonomies as (

    select distinct taxonomy_code
    from {{ ref('int_nppes_intervals') }}
    where taxonomy_code is not null

),

-- The longest prefix decides.
final as (

    select
        taxonomies.taxonomy_code,
        {{ value_at_largest('prefixes.specialty', 'length(prefixes.taxonomy_prefix)') }} as specialty
    from taxonomies
    inner join prefixes
        on {{ begins_with('taxonomies.taxonomy_code', 'prefixes.taxonomy_prefix') }}
    group by taxonomies.taxonomy_code

)

select * from final
